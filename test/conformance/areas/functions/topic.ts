/** The functions of one file of recorded calls, each from its recorded input to what should be its recorded output. */
export type Topic = Readonly<Record<string, (input: never) => unknown>>
