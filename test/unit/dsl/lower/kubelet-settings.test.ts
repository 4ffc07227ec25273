import { describe, expect, it } from 'vitest'
import { compile } from '../../../../dsl/compile.ts'

const messages = (settings: string): readonly string[] => {
  const text = `scenario "s" {
  cluster { pool workers 1 { cpu 2, memory 4Gi }, kubelet { ${settings} } }
  expect node/workers-0 is Ready within 1m
}
`
  const host = { read: (path: string) => ({ path, text }), list: () => [], names: () => [] }
  const { diagnostics } = compile(['a.kscn'], host as unknown as Parameters<typeof compile>[1])
  return diagnostics.map((one) => `${one.code} ${one.message}`)
}

describe('the settings of a kubelet', () => {
  it.each([
    ['cpu-manager-policy none, topology-manager-policy restricted', []],
    [
      'cpu-manager-policy static',
      ['K107 `cpu-manager-policy static` wants CPUs reserved, and pool `workers` reserves none'],
    ],
    ['cpu-manager-policy fixed', ['K134 `fixed` is not one of none, static']],
    ['pods-per-core 10, image-gc-high-threshold 50, image-gc-low-threshold 40', []],
    ['image-gc-high-threshold 90', []],
    ['image-gc-high-threshold 120', ['K107 `image-gc-high-threshold 120` is no percentage']],
    ['image-gc-high-threshold 70', ['K107 images are collected from 70 % on until 80 % are left: that is not less']],
    ['image-gc-low-threshold 85', ['K107 images are collected from 85 % on until 85 % are left: that is not less']],
    ['image-maximum-gc-age 1h', []],
    ['image-maximum-gc-age 1m', ['K107 an unused image is kept for 2m, and would go after 1m']],
    [
      'image-maximum-gc-age 1h, image-minimum-gc-age 2h',
      ['K107 an unused image is kept for 2h, and would go after 1h'],
    ],
    ['shutdown-grace-period 30s', []],
    ['shutdown-grace-period 30s, shutdown-grace-period-critical-pods 30s', []],
    ['shutdown-grace-period-by-pod-priority "0=20, 1000=5"', []],
    ['shutdown-grace-period 500ms', ['K107 `shutdown-grace-period` is either 0s or at least 1s']],
    [
      'shutdown-grace-period 10s, shutdown-grace-period-critical-pods 20s',
      ['K107 critical pods get 20s of a shutdown that takes 10s'],
    ],
    ['shutdown-grace-period-critical-pods 20s', ['K107 critical pods get 20s of a shutdown that takes 0s']],
    ['shutdown-grace-period-by-pod-priority "high=20"', ['K107 `high=20` says no periods']],
    [
      'shutdown-grace-period 10s, shutdown-grace-period-by-pod-priority "0=20"',
      ['K107 `shutdown-grace-period` says it already'],
    ],
  ])('%s', (settings, expected) => {
    expect(messages(settings)).toEqual(expected)
  })
})
