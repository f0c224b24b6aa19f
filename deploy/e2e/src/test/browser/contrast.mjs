/** Runs in the page: of all texts in an element's shadow, the pair of colours with the least contrast (WCAG 2.2, 1.4.3). */
export function colours(tag) {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const channels = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (rgb) => rgb.slice(0, 3)
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement ?? at.getRootNode().host) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return channels(getComputedStyle(document.body).backgroundColor);
  };
  let least = { ratio: Infinity };
  let pairs = 0;
  for (const element of document.querySelector(tag).shadowRoot.querySelectorAll('*')) {
    const text = [...element.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data.trim()).join('');
    const { color, visibility, clipPath } = getComputedStyle(element);
    // What is clipped away is for screen readers alone.
    if (text === '' || visibility === 'hidden' || clipPath !== 'none' || element.getClientRects().length === 0 || element.closest(':disabled')) continue;
    const [one, other] = [luminance(channels(color)), luminance(ground(element))].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    pairs += 1;
    if (ratio < least.ratio) least = { ratio, text: text.slice(0, 30), color };
  }
  return { least, pairs };
}
