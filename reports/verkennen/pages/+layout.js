// Starts the engine and loads the data of the release that the pages stand in. Nothing is rendered at build time (ssr is
// off), so no figure of any other release can ever be in a page. No views or words here: lib/gegevens.js.
import { base } from '$app/paths';
import { browser } from '$app/environment';
import { query as run } from '@evidence-dev/universal-sql/client-duckdb';
import { setTrackProxy } from '@evidence-dev/sdk/usql';
import { laadGegevens } from '../components/gegevens.js';

export const ssr = false;
export const prerender = true;
export const trailingSlash = 'always';

const ready = browser ? laadGegevens(base) : undefined;
// A page that waits for the data reports the error itself; without this the browser would call it unhandled as well.
ready?.catch(() => {});

let pages;

/** @type {import("./$types").LayoutLoad} */
export const load = async ({ fetch }) => {
	pages ??= fetch(`${base}/api/pagesManifest.json`).then((answer) => answer.json());
	const query = (sql, { callback = (rows) => rows } = {}) => ready.then(() => run(sql)).then(callback);
	return {
		__db: { query, load: () => ready, updateParquetURLs: async () => {} },
		inputs: setTrackProxy({ label: '', value: '(SELECT NULL WHERE 0)' }),
		data: {},
		customFormattingSettings: { version: '1.0', customFormats: [] },
		evidencemeta: { queries: [] },
		isUserPage: true,
		pagesManifest: await pages
	};
};
