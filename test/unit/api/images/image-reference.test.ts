import { describe, expect, it } from 'vitest'
import { canonicalImage, familiarImage, imageReference } from '../../../../api/images/image-reference.ts'

const digest = `sha256:${'0'.repeat(64)}`

describe('an image reference', () => {
  it.each([
    ['web', 'docker.io/library/web:latest', 'web:latest'],
    ['web:v1', 'docker.io/library/web:v1', 'web:v1'],
    ['team/web:v1', 'docker.io/team/web:v1', 'team/web:v1'],
    ['docker.io/web', 'docker.io/library/web:latest', 'web:latest'],
    ['index.docker.io/web:1', 'docker.io/library/web:1', 'web:1'],
    ['docker.io/library/web:v1', 'docker.io/library/web:v1', 'web:v1'],
    ['ghcr.io/team/web:v1', 'ghcr.io/team/web:v1', 'ghcr.io/team/web:v1'],
    ['localhost/web', 'localhost/web:latest', 'localhost/web:latest'],
    ['registry:5000/a/b/c', 'registry:5000/a/b/c:latest', 'registry:5000/a/b/c:latest'],
    [`web@${digest}`, `docker.io/library/web@${digest}`, `web@${digest}`],
    [`ghcr.io/web:v1@${digest}`, `ghcr.io/web@${digest}`, `ghcr.io/web@${digest}`],
  ])('%s', (image, canonical, familiar) => {
    expect(canonicalImage(imageReference(image))).toBe(canonical)
    expect(familiarImage(imageReference(image))).toBe(familiar)
  })

  it('is its own complete name', () => {
    for (const image of ['web', 'team/web:v1', 'ghcr.io/a/b', 'registry:5000/a', `web@${digest}`]) {
      const whole = canonicalImage(imageReference(image))
      expect(canonicalImage(imageReference(whole))).toBe(whole)
      expect(imageReference(familiarImage(imageReference(image)))).toEqual(imageReference(image))
    }
  })
})
