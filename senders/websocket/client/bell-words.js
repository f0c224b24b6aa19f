// What the bell says. Give it others by `bell.words = {...}`: those that are left out stay as they are here.

export const WORDS = Object.freeze({
  title: 'Notifications',
  label: (unread) => (unread === 0 ? 'Notifications' : `Notifications, ${unread} unread`),
  markAllRead: 'Mark all read',
  preferences: 'Settings',
  close: 'Close',
  markRead: 'Mark as read',
  markUnread: 'Mark as unread',
  archive: 'Archive',
  unread: 'Unread',
  empty: 'Nothing here yet.',
  connecting: 'Connecting…',
  offline: 'Offline. What you do is kept, and new items follow.',
  displaced: 'You are connected in too many places.',
  comeBack: 'Connect here',
  arrived: (titles) => (titles.length === 1 ? `New notification: ${titles[0]}` : `${titles.length} new notifications`),
  justNow: 'just now',
});
