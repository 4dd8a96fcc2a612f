import { isFields, type KubeObject } from './model'

/** Who wrote last, when, and of a Secret which keys: the server keeps one entry for each manager, with names and no values. */
export function managed<Kind extends KubeObject>(object: Kind, manager: string, time: string): Kind {
  const known = object.metadata.managedFields
  const others = Array.isArray(known)
    ? known.filter((entry) => isFields(entry) && entry.manager !== manager).map(withoutData)
    : []
  const { apiVersion } = object
  const fieldsV1 = isFields(object.data) ? { 'f:data': owned(Object.keys(object.data)) } : {}
  const entry = { manager, operation: 'Update', apiVersion, time, fieldsType: 'FieldsV1', fieldsV1 }
  return { ...object, metadata: { ...object.metadata, managedFields: [...others, entry] } }
}

function owned(names: readonly string[]): Record<string, unknown> {
  return { '.': {}, ...Object.fromEntries(names.map((name) => [`f:${name}`, {}])) }
}

/** Whoever writes a Secret here writes all of its data, so that nobody else owns any of it. */
function withoutData(entry: Record<string, unknown>): Record<string, unknown> {
  const { 'f:data': _data, ...others } = isFields(entry.fieldsV1) ? entry.fieldsV1 : {}
  return { ...entry, fieldsV1: others }
}
