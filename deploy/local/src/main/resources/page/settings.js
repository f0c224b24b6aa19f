// The settings of whoever is shown, in Herald's preference centre.

import '/client/herald-preferences.js';
import { el, find } from './dom.js';
import { gatewayOf, tokensFor } from './inbox.js';
import { categoryName } from './words.js';

/** Returns what is told whose settings to show. */
export function settings(cast) {
  const dialog = find('preferences');
  const categories = cast.categories.map((id) => `${id}=${categoryName(id)}`).join(',');
  let member = null;
  find('settings').addEventListener('click', () => {
    dialog.querySelector('herald-preferences')?.remove();
    const centre = el('herald-preferences', { url: gatewayOf(cast).href, categories, channels: 'INBOX,PUSH,EMAIL,SMS', languages: 'en,de,he' });
    dialog.append(centre);
    centre.token = tokensFor(member.user, 'settings');
    dialog.showModal();
  });
  return (shown) => { member = shown; };
}
