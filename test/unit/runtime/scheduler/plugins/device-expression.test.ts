import { describe, expect, it } from 'vitest'
import { parseQuantity } from '../../../../../api/quantity/parse-quantity.ts'
import type { Quantity } from '../../../../../api/quantity/quantity.ts'
import { deviceExpression } from '../../../../../runtime/scheduler/plugins/devices/device-expression.ts'

const device = {
  driver: 'gpu.example.com',
  attributes: { 'gpu.example.com': { model: 'large', cores: 8, ready: true } },
  capacity: { 'gpu.example.com': { memory: parseQuantity('80Gi') as Quantity } },
}

const valueOf = (text: string): unknown => {
  const expression = deviceExpression(text)
  return 'error' in expression ? 'not understood' : expression(device)
}

describe('a device selector', () => {
  it.each([
    ['device.driver == "gpu.example.com"', true],
    ["device.driver != 'other'", true],
    ['device.attributes["gpu.example.com"].model == "small"', false],
    ['device.attributes["gpu.example.com"].cores >= 8 && device.attributes["gpu.example.com"].ready', true],
    ['device.attributes["gpu.example.com"].cores > 8 || !device.attributes["gpu.example.com"].ready', false],
    ['device.capacity["gpu.example.com"].memory.compareTo(quantity("40Gi")) >= 0', true],
    ['device.capacity["gpu.example.com"].memory.isLessThan(quantity("40Gi"))', false],
    ['"gpu.example.com" in device.attributes', true],
    ['device.attributes["gpu.example.com"].model.startsWith("lar")', true],
    ['device.attributes["gpu.example.com"].missing == 1', undefined],
    ['device.driver == "x" && device.attributes["gpu.example.com"].missing == 1', false],
    ['device.attributes.exists(a, true)', 'not understood'],
    ['device.driver ==', 'not understood'],
    ['', 'not understood'],
  ])('%s → %s', (text, value) => {
    expect(valueOf(text)).toBe(value)
  })
})
