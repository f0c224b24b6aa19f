/**
 * `<herald-preferences>`. Attributes: `url` (where the gateway is), `categories` (`like=Likes, order.shipped=Order shipped`),
 * `channels` (`INBOX, PUSH, EMAIL, SMS`), `languages` (`en, de, he`), `theme`. Event `herald-saved` after each save.
 */
export class HeraldPreferences extends HTMLElement {
  /** Gets a token, as an InboxClient's does. Setting it reads the settings. */
  token: (() => Promise<string | null>) | null;
  get words(): Record<string, unknown>;
  set words(words: Record<string, unknown>);
  load(): Promise<void>;
  save(): Promise<boolean>;
}

declare global {
  interface HTMLElementTagNameMap {
    'herald-preferences': HeraldPreferences;
  }
}
