import { createHash } from 'node:crypto'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

export function sha256(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

/** The manifest that a registry keeps for an image: a function of its name, so that everybody knows the same digest. */
export function manifestOf(image: string): string {
  const layer = (name: string, size: number) => ({
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    digest: sha256(`${image} ${name}`),
    size,
  })
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: sha256(`${image} config`),
      size: 7_023,
    },
    layers: isHeavy(image)
      ? [layer('base', 6_200_000_000), layer('models', 3_100_000_000), layer('app', 84_000_000)]
      : [layer('base', 310_000_000), layer('app', 96_000_000)],
  })
}

function isHeavy(image: string): boolean {
  return /gpu/.test(image)
}

/** The digest of an image by its name and tag. */
export function imageDigest(image: string): string {
  return sha256(manifestOf(image))
}
