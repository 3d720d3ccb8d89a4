// What differs from Evidence's own SvelteKit settings: any base path (relative) and a Content-Security-Policy in every page.
export default {
	kit: {
		version: { name: 'werkmonitor' },
		paths: { base: '', relative: true },
		prerender: { handleHttpError: 'fail', handleMissingId: 'ignore' },
		csp: {
			mode: 'hash',
			directives: {
				'default-src': ['none'],
				'script-src': ['self', 'wasm-unsafe-eval'],
				'style-src': ['self'],
				'img-src': ['self'],
				'font-src': ['self'],
				'connect-src': ['self'],
				'worker-src': ['self'],
				'base-uri': ['none'],
				'form-action': ['none']
			}
		}
	}
};
