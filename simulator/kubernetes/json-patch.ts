import { isFields } from './model'
import { badRequest, unprocessable } from './status'

type Operation = {
  readonly op: string
  readonly path: string
  readonly from?: string
  readonly value?: unknown
}

/** RFC 7386. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isFields(patch)) return patch
  const result: Record<string, unknown> = isFields(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = mergePatch(result[key], value)
  }
  return result
}

/** RFC 6902; an operation that does not apply is a 422, as at the real server. */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch))
    throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch')
  let document = structuredClone(target)
  for (const entry of patch) document = applied(document, operationOf(entry))
  return document
}

function operationOf(entry: unknown): Operation {
  if (!isFields(entry) || typeof entry.op !== 'string' || typeof entry.path !== 'string')
    throw unprocessable('Unexpected kind: unknown')
  return {
    op: entry.op,
    path: entry.path,
    value: entry.value,
    ...(typeof entry.from === 'string' ? { from: entry.from } : {}),
  }
}

function applied(document: unknown, { op, path, from, value }: Operation): unknown {
  switch (op) {
    case 'test': {
      const found = read(document, path)
      if (!isEqual(found, value)) throw unprocessable(`testing value ${path} failed`)
      return document
    }
    case 'add':
      return write(document, path, { value, mustExist: false })
    case 'replace':
      return write(document, path, { value, mustExist: true })
    case 'remove':
      return write(document, path, { mustExist: true })
    case 'copy':
      return write(document, path, { value: structuredClone(read(document, from ?? '')), mustExist: false })
    case 'move': {
      const moved = read(document, from ?? '')
      return write(write(document, from ?? '', { mustExist: true }), path, { value: moved, mustExist: false })
    }
    default:
      throw unprocessable(`Unexpected kind: ${op}`)
  }
}

function keysOf(path: string): string[] {
  if (path === '') return []
  return path
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function read(document: unknown, path: string): unknown {
  let found = document
  for (const key of keysOf(path)) {
    const next: unknown = Array.isArray(found)
      ? found[Number(key)]
      : isFields(found) && Object.hasOwn(found, key)
        ? found[key]
        : undefined
    if (next === undefined) throw missing(path)
    found = next
  }
  return found
}

type Write = { readonly value?: unknown; readonly mustExist: boolean }

/** Writes or, without a value, removes what stands at the path. */
function write(document: unknown, path: string, change: Write): unknown {
  const keys = keysOf(path)
  if (keys.length === 0) return change.value
  const [key = '', ...rest] = keys
  if (rest.length > 0) {
    const child = read(document, `/${escaped(key)}`)
    const next = write(child, `/${rest.map(escaped).join('/')}`, change)
    if (Array.isArray(document)) return document.with(Number(key), next)
    return { ...(document as object), [key]: next }
  }
  if (Array.isArray(document)) return writeItem(document, key, change)
  if (!isFields(document)) throw missing(path)
  if (change.mustExist && !Object.hasOwn(document, key)) throw missing(path)
  const { [key]: _old, ...others } = document
  return 'value' in change ? { ...document, [key]: change.value } : others
}

function writeItem(list: readonly unknown[], key: string, change: Write): unknown {
  const index = key === '-' ? list.length : Number(key)
  if (!Number.isInteger(index) || index < 0 || index > list.length) throw missing(`/${key}`)
  if (change.mustExist && index >= list.length) throw missing(`/${key}`)
  if (!('value' in change)) return list.toSpliced(index, 1)
  return change.mustExist ? list.with(index, change.value) : list.toSpliced(index, 0, change.value)
}

function missing(path: string): Error {
  return unprocessable(`add operation does not apply: doc is missing path: "${path}": missing value`)
}

function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

function isEqual(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => isEqual(item, right[index]))
  if (isFields(left) && isFields(right)) {
    const keys = Object.keys(left)
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => key in right && isEqual(left[key], right[key]))
    )
  }
  return left === right
}
