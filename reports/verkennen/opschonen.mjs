// Takes out of Evidence's template the routes that a public site must not have (SQL console, settings, prerendered
// queries): they would pull all of Evidence's components into the build. Runs after patch-package, at installation.
import { rmSync } from 'node:fs';

const TEMPLATE = new URL('./node_modules/@evidence-dev/evidence/template/src/', import.meta.url);
const UNUSED = [
	'pages/explore', 'pages/settings', 'pages/+page.md', 'pages/manifest.webmanifest',
	'pages/fix-tprotocol-service-worker.js', 'fix-tprotocol-service-worker.js',
	'pages/api/settings.json', 'pages/api/customFormattingSettings.json', 'pages/api/prerendered_queries',
	'pages/api/[route_hash]', 'pages/api/[...route]'
];

for (const path of UNUSED) rmSync(new URL(path.replaceAll('[', '%5B').replaceAll(']', '%5D'), TEMPLATE), { recursive: true, force: true });
