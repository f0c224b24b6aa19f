// Makes elements. Text only ever goes in as text, so nothing that is shown can become markup.

/** Returns a new element; attributes that are null, undefined or false are left out, true ones are empty. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'on') {
      for (const [event, handler] of Object.entries(value)) element.addEventListener(event, handler);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** Returns a decorative line drawing of 24 by 24. */
export function icon(...paths) {
  const drawing = document.createElementNS(SVG, 'svg');
  drawing.setAttribute('viewBox', '0 0 24 24');
  drawing.setAttribute('aria-hidden', 'true');
  drawing.setAttribute('focusable', 'false');
  drawing.classList.add('icon');
  for (const data of paths) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', data);
    drawing.append(path);
  }
  return drawing;
}

/** Returns where a link leads, if that is the web or this site; else null. */
export function safeLink(link) {
  if (typeof link !== 'string' || link.trim() === '') return null;
  try {
    const url = new URL(link, document.baseURI);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}

/** Returns a style sheet of `css`, which content security policies without 'unsafe-inline' allow. */
export function sheet(css) {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}
