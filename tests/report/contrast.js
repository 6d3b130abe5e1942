// The least contrast (WCAG 2) of text on what is behind it, over all elements that have text of their own.
(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (css) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const linear = (part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = rgba(getComputedStyle(one).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255];
  };
  let least = [99, ""];
  for (const one of document.querySelectorAll("body *")) {
    const speaks = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    if (!speaks || !one.getClientRects().length || one.closest("svg, script, select, .sr, .skip")) continue;
    const [text, ground] = [light(rgba(getComputedStyle(one).color)), light(behind(one))];
    const found = (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05);
    if (found < least[0]) least = [found, `${one.tagName}.${one.className} ${one.textContent.slice(0, 40)}`];
  }
  return least;
})();
