/** Where a connection is: `offline` comes back by itself, `displaced` and `closed` only by `connect()`. */
export type ConnectionState = 'closed' | 'connecting' | 'live' | 'offline' | 'displaced';

export interface InboxItem {
  /** The place in the user's inbox: 1, 2, 3 … */
  readonly seq: number;
  readonly notificationId: string;
  readonly category: string;
  readonly actor: string | null;
  /** A text, whatever it looks like. */
  readonly title: string;
  readonly body: string;
  /** As the producer gave it: check it before it becomes a link. */
  readonly link: string | null;
  /** Milliseconds since 1970, like all times here. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly seen: boolean;
  readonly read: boolean;
  readonly archived: boolean;
  readonly dismissed: boolean;
}

/** One item, some, or all up to one. */
export type Which = number | readonly number[] | { upTo: number };

export interface InboxOptions {
  /** Where the gateway is, `https://inbox.example.com/`; the page's own origin by default. */
  url?: string | URL;
  /** Called for each connection and before the token runs out. Null ends the connection: nobody is signed in. */
  token: () => Promise<string | null>;
  /** Keeps what the user did until the gateway has it; `localStorage` by default, null for none. */
  storage?: Storage | null;
  /** How it comes back; by default full jitter from 500 ms to 60 s, anew after 60 s of health. */
  reconnect?: { firstMs?: number; longestMs?: number; healthyMs?: number };
  random?: () => number;
  WebSocket?: typeof globalThis.WebSocket;
  fetch?: typeof globalThis.fetch;
}

/** The inbox of one user. A page in which another user signs in makes another one. */
export class InboxClient {
  constructor(options: InboxOptions);

  /** Connects and stays connected until `close()`. Where it waits to come back, it waits no longer. */
  connect(): void;
  /** Disconnects. What was not sent by then is sent after the next `connect()`, even one in another page. */
  close(): void;

  readonly state: ConnectionState;
  /** Unread items; what the user did counts at once. */
  readonly unread: number;
  /** How many acts the gateway does not have yet. */
  readonly waiting: number;
  /** The newest hundred, newest first, without archived, dismissed and expired ones unless `all`. */
  items(options?: { all?: boolean }): InboxItem[];

  markRead(which: Which): void;
  markUnread(seqs: number | readonly number[]): void;
  markSeen(which: Which): void;
  markAllRead(): void;
  archive(which: Which): void;
  dismiss(which: Which): void;

  /** Something changed; `fresh` are the items that came since the page first was up to date. Returns how to end it. */
  on(event: 'change', listener: (change: { fresh: InboxItem[] }) => void): () => void;
  on(event: 'state', listener: (state: ConnectionState) => void): () => void;
  /** The API refused or did not answer; it is tried again. */
  on(event: 'problem', listener: (problem: Problem) => void): () => void;
}

/** A refusal (RFC 9457). */
export class Problem extends Error {
  /** The HTTP status, or 0 where nobody answered. */
  readonly status: number;
  readonly field: string;
  readonly waitMs: number;
}
