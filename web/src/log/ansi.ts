// SPDX-License-Identifier: Apache-2.0
// Text of a log to pieces that can be shown. A log is hostile: of all escape sequences only colours and weights (SGR) take
// effect, and neither can hide text. Everything else that would not be seen (other escapes, control characters, bidirectional
// overrides, zero-width characters) is made visible, so that what is read is what was written.

/** How text is shown. Colours are 0-15 of the theme's palette, -1 the default. */
export interface Style {
  readonly foreground: number;
  readonly background: number;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strike: boolean;
  readonly inverse: boolean;
}

export const plain: Style = {
  foreground: -1,
  background: -1,
  bold: false,
  dim: false,
  italic: false,
  underline: false,
  strike: false,
  inverse: false,
};

/** A run of text of one style; `marked` text stands for a character that cannot be seen. */
export interface Piece {
  text: string;
  style: Style;
  marked: boolean;
}

// Longer ones are no colours but an attack on whoever parses them: they stay text.
const kLongestSequence = 64;
const kSequence = /^\x1b\[([0-9;:]*)m/;

/** Unseen by nature: C0 but tab, DEL, C1, bidirectional controls, zero-width characters, line and tag separators. */
const kUnseen =
  /[\x00-\x08\x0a-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/u;
const kUnseenAll = new RegExp(kUnseen, 'gu');

const kControlNames = (
  'NUL SOH STX ETX EOT ENQ ACK BEL BS TAB LF VT FF CR SO SI ' +
  'DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'
).split(' ');

/** The name of a character that cannot be seen, in letters that every font has: ESC, U+202E. */
export function visibleName(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x7f) return 'DEL';
  return kControlNames[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The nearest of the theme's sixteen: own colours of a log would not be readable in light and dark alike. */
function nearestColour(red: number, green: number, blue: number): number {
  const high = Math.max(red, green, blue);
  const low = Math.min(red, green, blue);
  if (high - low < 48) return high < 64 ? 0 : high < 144 ? 8 : high < 224 ? 7 : 15;
  const threshold = (high + low) / 2;
  const hue = (red > threshold ? 1 : 0) + (green > threshold ? 2 : 0) + (blue > threshold ? 4 : 0);
  return hue + (high > 192 ? 8 : 0);
}

/** Colour `index` of the 256 of xterm. */
function indexedColour(index: number): number {
  if (index < 16) return index;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return nearestColour(grey, grey, grey);
  }
  const level = (step: number): number => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  return nearestColour(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6));
}

function isByte(value: number | undefined): value is number {
  return value !== undefined && value >= 0 && value <= 255;
}

/** Reads what follows 38 or 48. Answers the colour (undefined: not understood) and how many parameters it took. */
function extendedColour(parameters: number[], at: number): { colour: number | undefined; taken: number } {
  if (parameters[at] === 5) {
    const index = parameters[at + 1];
    return { colour: isByte(index) ? indexedColour(index) : undefined, taken: 2 };
  }
  if (parameters[at] === 2) {
    const [red, green, blue] = parameters.slice(at + 1, at + 4);
    const known = isByte(red) && isByte(green) && isByte(blue);
    return { colour: known ? nearestColour(red, green, blue) : undefined, taken: 4 };
  }
  return { colour: undefined, taken: parameters.length - at };
}

/** `38:2::10:20:30` to the form with semicolons: the colour space between the colons is of no use here. */
function flatten(parameter: string): number[] {
  if (!parameter.includes(':')) return [Number(parameter || '0')];
  const parts = parameter.split(':');
  if (parts[1] === '2' && parts.length > 5) parts.splice(2, 1);
  if (parts[0] === '4') return [parts[1] === '0' ? 24 : 4];
  return parts.map((part) => Number(part || '0'));
}

/** The style after the parameters of one SGR sequence (`1;31`). Conceal (8) and blink are ignored: nothing is hidden. */
export function applySgr(style: Style, sequence: string): Style {
  const parameters = sequence.split(';').flatMap(flatten);
  let next = style;
  for (let at = 0; at < parameters.length; ++at) {
    const code = parameters[at] ?? 0;
    if (code === 0) next = plain;
    else if (code === 1) next = { ...next, bold: true };
    else if (code === 2) next = { ...next, dim: true };
    else if (code === 3) next = { ...next, italic: true };
    else if (code === 4 || code === 21) next = { ...next, underline: true };
    else if (code === 7) next = { ...next, inverse: true };
    else if (code === 9) next = { ...next, strike: true };
    else if (code === 22) next = { ...next, bold: false, dim: false };
    else if (code === 23) next = { ...next, italic: false };
    else if (code === 24) next = { ...next, underline: false };
    else if (code === 27) next = { ...next, inverse: false };
    else if (code === 29) next = { ...next, strike: false };
    else if (code >= 30 && code <= 37) next = { ...next, foreground: code - 30 };
    else if (code === 39) next = { ...next, foreground: -1 };
    else if (code >= 40 && code <= 47) next = { ...next, background: code - 40 };
    else if (code === 49) next = { ...next, background: -1 };
    else if (code >= 90 && code <= 97) next = { ...next, foreground: code - 82 };
    else if (code >= 100 && code <= 107) next = { ...next, background: code - 92 };
    else if (code === 38 || code === 48) {
      const { colour, taken } = extendedColour(parameters, at + 1);
      if (colour !== undefined) next = code === 38 ? { ...next, foreground: colour } : { ...next, background: colour };
      at += taken;
    }
  }
  return next;
}

/** The SGR sequence that begins at `at`, or undefined when what stands there is anything else. */
function sgrAt(line: string, at: number): { parameters: string; length: number } | undefined {
  const match = kSequence.exec(line.slice(at, at + kLongestSequence));
  return match ? { parameters: match[1] ?? '', length: match[0].length } : undefined;
}

function pushMarkingUnseen(pieces: Piece[], text: string, style: Style): void {
  let from = 0;
  for (const match of text.matchAll(kUnseenAll)) {
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), style, marked: false });
    pieces.push({ text: visibleName(match[0]), style, marked: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), style, marked: false });
}

/**
 * One line (without its line end) to pieces, in the style that the text before it left; answers the style it leaves.
 * A carriage return at its very end belongs to the line end and is not shown; anywhere else it is.
 */
export function parseLine(line: string, before: Style): { pieces: Piece[]; after: Style } {
  const shown = line.endsWith('\r') ? line.slice(0, -1) : line;
  const pieces: Piece[] = [];
  let style = before;
  let from = 0;
  for (let at = shown.indexOf('\x1b'); at >= 0; at = shown.indexOf('\x1b', at)) {
    const sequence = sgrAt(shown, at);
    if (!sequence) {
      ++at;
      continue;
    }
    pushMarkingUnseen(pieces, shown.slice(from, at), style);
    style = applySgr(style, sequence.parameters);
    at += sequence.length;
    from = at;
  }
  pushMarkingUnseen(pieces, shown.slice(from), style);
  return { pieces, after: style };
}

const kEverySequence = /\x1b\[[0-9;:]{0,61}m/g;

/** The text without what takes effect as colour: what a search looks at. */
export function withoutColours(text: string): string {
  return text.includes('\x1b') ? text.replace(kEverySequence, '') : text;
}

/** The style after `text`, for which only the SGR sequences in it matter. */
export function styleAfter(text: string, before: Style): Style {
  let style = before;
  for (const match of text.matchAll(kEverySequence)) style = applySgr(style, match[0].slice(2, -1));
  return style;
}
