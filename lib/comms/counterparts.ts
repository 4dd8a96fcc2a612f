/** Named is one of our own components. */
export type Named = { readonly id: string; readonly name: string }

/** Mapped is a channel as far as its components go. */
export type Mapped = {
  readonly id: string
  readonly name: string
  readonly kind: string
  readonly audiences: readonly string[]
  readonly componentMap: Readonly<Record<string, string>>
}

/** counterpartOf gives the id that a hosted page knows a component by, as its adapter reads it: maps name ours by id, those of the environment by name. */
export function counterpartOf(
  map: Readonly<Record<string, string>>,
  { id, name }: Named,
): string | undefined {
  return map[id] ?? map[name]
}

/** lackingOf gives the hosted pages for customers that do not know some of these components, with the names that they lack. */
export function lackingOf(
  components: readonly Named[],
  channels: readonly Mapped[],
): readonly { readonly id: string; readonly name: string; readonly lacks: readonly string[] }[] {
  return channels
    .filter(({ kind, audiences }) => kind === 'statuspage' && audiences.includes('public'))
    .map(({ id, name, componentMap }) => ({
      id,
      name,
      lacks: components
        .filter((component) => counterpartOf(componentMap, component) === undefined)
        .map((component) => component.name),
    }))
    .filter(({ lacks }) => lacks.length > 0)
}
