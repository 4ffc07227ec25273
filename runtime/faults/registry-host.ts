/** The host that `registry/NAME` means: the name itself, or with `*` every one. */
export const registryHost = (target: string): string => target.replace(/^registry\//, '')
