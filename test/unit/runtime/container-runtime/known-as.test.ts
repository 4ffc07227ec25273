import { describe, expect, it } from 'vitest'
import { engineOf } from '../../../../runtime/container-runtime/engines/engine-of.ts'
import { knownAs } from '../../../../runtime/container-runtime/known-as.ts'

describe('the name of an image on the disk', () => {
  const disk = new Map([
    ['web', 1],
    ['docker.io/library/db:2', 2],
  ])
  it.each([
    ['web', 'web'],
    ['web:latest', 'web'],
    ['docker.io/library/web', 'web'],
    ['db:2', 'docker.io/library/db:2'],
    ['db:1', 'db:1'],
    ['ghcr.io/web', 'ghcr.io/web'],
  ])('%s is %s', (image, name) => expect(knownAs(disk, image, engineOf())).toBe(name))

  it('is as it is spelled where no runtime completes it', () =>
    expect(knownAs(disk, 'web:latest', undefined)).toBe('web:latest'))
})
