import type { Fields } from './model'

type Field = { readonly number: number; readonly bytes: Buffer }

const MAGIC = Buffer.from('k8s\0')

/** Some clients write what they know well as protobuf; of that, these kinds are read here. Undefined is any other. */
export function fromProtobuf(body: Buffer): Fields | undefined {
  if (!body.subarray(0, 4).equals(MAGIC)) return undefined
  const envelope = fieldsOf(body.subarray(4))
  const type = one(envelope, 1)
  const kind = type === undefined ? '' : text(fieldsOf(type), 2)
  const raw = fieldsOf(one(envelope, 2) ?? Buffer.alloc(0))
  if (kind === 'SelfSubjectAccessReview') return accessReviewOf(raw)
  return kind === 'Secret' ? secretOf(raw) : undefined
}

function accessReviewOf(raw: readonly Field[]): Fields {
  const spec = fieldsOf(one(raw, 2) ?? Buffer.alloc(0))
  const asked = fieldsOf(one(spec, 1) ?? Buffer.alloc(0))
  const names = ['namespace', 'verb', 'group', 'version', 'resource', 'subresource', 'name']
  const resourceAttributes = Object.fromEntries(names.map((name, index) => [name, text(asked, index + 1)]))
  return { kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } }
}

function secretOf(raw: readonly Field[]): Fields {
  const metadata = fieldsOf(one(raw, 1) ?? Buffer.alloc(0))
  const entries = (number: number, encoding: BufferEncoding): Fields =>
    Object.fromEntries(
      raw
        .filter((field) => field.number === number)
        .map(({ bytes }) => {
          const entry = fieldsOf(bytes)
          return [text(entry, 1), (one(entry, 2) ?? Buffer.alloc(0)).toString(encoding)]
        }),
    )
  return {
    kind: 'Secret',
    metadata: { name: text(metadata, 1) },
    data: entries(2, 'base64'),
    stringData: entries(4, 'utf8'),
    type: text(raw, 3) || 'Opaque',
  }
}

function one(fields: readonly Field[], number: number): Buffer | undefined {
  return fields.find((field) => field.number === number)?.bytes
}

function text(fields: readonly Field[], number: number): string {
  return one(fields, number)?.toString('utf8') ?? ''
}

/** The fields of a message that have a length; numbers are skipped, as nothing here needs one. */
function fieldsOf(message: Buffer): readonly Field[] {
  const found: Field[] = []
  let place = 0
  const varint = (): number => {
    let value = 0
    for (let shift = 0; place < message.length; shift += 7) {
      const byte = message[place++] ?? 0
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) break
    }
    return value
  }
  while (place < message.length) {
    const tag = varint()
    const wire = tag & 7
    if (wire === 0) varint()
    else if (wire === 1) place += 8
    else if (wire === 5) place += 4
    else if (wire === 2) {
      const length = varint()
      found.push({ number: tag >> 3, bytes: message.subarray(place, place + length) })
      place += length
    } else break
  }
  return found
}
