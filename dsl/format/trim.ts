/** White space as the grammar knows it: anything else, such as a no-break space, belongs to a word and stays. */
export const trim = (text: string): string => text.replace(/^[ \t\r\n]+/, '').replace(/[ \t\r\n]+$/, '')

export const trimEnd = (text: string): string => text.replace(/[ \t\r\n]+$/, '')
