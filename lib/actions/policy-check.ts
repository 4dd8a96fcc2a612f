import type { ActionRule, ActionsFile } from './policy'

type Fault = {
  readonly file: string
  readonly path: readonly (string | number)[]
  readonly reason: string
}
type Sourced<T> = { readonly file: string; readonly value: T }
/** NamingTree is what this check reads of a tree: which actions its leaves name, and its questions. */
type NamingTree = {
  readonly questions: readonly { readonly id: string }[]
  readonly leaves: readonly { readonly actions: readonly { readonly id: string }[] }[]
}

/** checkActions finds what only all files of actions together show: ids twice, and placeholders without a parameter. */
export function checkActions(files: readonly Sourced<ActionsFile>[]): readonly Fault[] {
  const seen = new Map<string, string>()
  return files.flatMap(({ file, value }) =>
    value.actions.flatMap((rule, at) => {
      const before = seen.get(rule.id)
      seen.set(rule.id, file)
      const twice =
        before === undefined
          ? []
          : [{ file, path: ['actions', at, 'id'], reason: `${rule.id} stands already in ${before}` }]
      return [...twice, ...namesIn(rule).map((reason) => ({ file, path: ['actions', at], reason }))]
    }),
  )
}

function namesIn({ id, params, fixed, command }: ActionRule): readonly string[] {
  const names = [...params.map((it) => it.name), ...Object.keys(fixed)]
  const twice = names.filter((name, at) => names.indexOf(name) !== at)
  const unknown = [...command.matchAll(/\{([A-Za-z0-9]+)\}/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => !names.includes(name))
  return [
    ...twice.map((name) => `${id} has the parameter ${name} twice`),
    ...unknown.map((name) => `the command of ${id} names {${name}}, which is no parameter of it`),
  ]
}

/** checkActionNames holds trees and actions against each other: named and not defined, defined and not named, questions that no tree asks. */
export function checkActionNames(
  trees: readonly Sourced<NamingTree>[],
  files: readonly Sourced<ActionsFile>[],
): readonly Fault[] {
  if (files.length === 0) return []
  const defined = new Set(files.flatMap(({ value }) => value.actions.map((rule) => rule.id)))
  const named = new Set(
    trees.flatMap(({ value }) => value.leaves.flatMap((leaf) => leaf.actions.map((it) => it.id))),
  )
  const questions = new Set(trees.flatMap(({ value }) => value.questions.map((it) => it.id)))
  const undefinedOnes = trees.flatMap(({ file, value }) =>
    value.leaves.flatMap((leaf, at) =>
      leaf.actions.flatMap((it, i) =>
        defined.has(it.id)
          ? []
          : [
              {
                file,
                path: ['leaves', at, 'actions', i, 'id'],
                reason: `no file of actions defines ${it.id}`,
              },
            ],
      ),
    ),
  )
  const unnamed = files.flatMap(({ file, value }) =>
    value.actions.flatMap((rule, at) => [
      ...(rule.general || named.has(rule.id)
        ? []
        : [
            {
              file,
              path: ['actions', at, 'id'],
              reason: `no leaf names ${rule.id}: name it, mark it general or remove it`,
            },
          ]),
      ...(rule.verify.question === undefined || questions.has(rule.verify.question)
        ? []
        : [
            {
              file,
              path: ['actions', at, 'verify', 'question'],
              reason: `no tree asks ${rule.verify.question}`,
            },
          ]),
    ]),
  )
  return [...undefinedOnes, ...unnamed]
}
