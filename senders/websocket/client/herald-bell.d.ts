import type { InboxClient, InboxItem } from './inbox-client.js';

export interface BellWords {
  title: string;
  label: (unread: number) => string;
  markAllRead: string;
  preferences: string;
  close: string;
  markRead: string;
  markUnread: string;
  archive: string;
  unread: string;
  empty: string;
  connecting: string;
  offline: string;
  displaced: string;
  comeBack: string;
  arrived: (titles: string[]) => string;
  justNow: string;
}

/**
 * `<herald-bell>`. Attributes: `open`, `inline`, `silent`, `preferences` (where the settings are), `theme` (light or dark).
 * Event `herald-follow` ({item}, cancelable) when a link of an item is followed.
 */
export class HeraldBell extends HTMLElement {
  /** Whose items are shown. The bell neither connects nor closes it. */
  client: InboxClient | null;
  get words(): BellWords;
  set words(words: Partial<BellWords>);
  open: boolean;
}

declare global {
  interface HTMLElementTagNameMap {
    'herald-bell': HeraldBell;
  }
  interface HTMLElementEventMap {
    'herald-follow': CustomEvent<{ item: InboxItem }>;
  }
}
