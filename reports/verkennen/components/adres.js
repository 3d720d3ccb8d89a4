// What is chosen, in the address of the page, so that a link shows exactly the same. Nothing is sent anywhere.
import { replaceState } from '$app/navigation';
import { page } from '$app/stores';
import { get } from 'svelte/store';

/** Put choices in the address; an empty one goes out of it. */
export function zetInAdres(keuzes) {
	const adres = new URL(location.href);
	for (const [naam, waarde] of Object.entries(keuzes)) {
		if (waarde === undefined || waarde === '') adres.searchParams.delete(naam);
		else adres.searchParams.set(naam, waarde);
	}
	if (adres.href !== location.href) replaceState(adres, get(page).state);
}
