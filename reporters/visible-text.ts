// Controls, bidirectional marks, zero-width and line-breaking characters: what would steer a terminal, or make a name look like another.
const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Text of a stranger, fit to be shown: what cannot be seen is spelled out, as in `\u202e`. Line breaks and tabs stay. */
export const visibleText = (text: string): string =>
  text.replace(hidden, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
