import { kscn } from 'kscn/vitest'
import { defineConfig } from 'vitest/config'

declare const process: { readonly env: { readonly CI?: string } }

export default defineConfig({
  plugins: [kscn()],
  test: {
    // In CI the results go into a file that the CI server reads.
    reporters: process.env.CI ? ['default', ['junit', { outputFile: 'junit.xml' }]] : ['default'],
  },
})
