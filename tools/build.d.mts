import type { Plugin } from 'esbuild'

export declare const buildBundle: (outdir: string, plugins?: readonly Plugin[]) => Promise<void>
export declare const keepCompiledCode: (outdir: string) => void
