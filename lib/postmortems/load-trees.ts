import type { Console } from '../console'
import { lookAtRunbooks } from '../runbooks/load-shelf'
import { isEditable } from '../runbooks/model'
import { treeSchema } from '../triage/policy'
import type { TreeChoice } from './nodes'

/** loadTrees gives the trees that may be edited, with their questions and diagnoses, as they count now. */
export async function loadTrees(console: Console, now: Date): Promise<readonly TreeChoice[]> {
  const shelf = await lookAtRunbooks(console, now)
  return shelf.latest().flatMap((file) => {
    const tree = isEditable(file.path) ? treeSchema.safeParse(file.value) : undefined
    if (!tree?.success) return []
    const { questions, leaves } = tree.data
    return [
      {
        path: file.path,
        title: tree.data.title,
        nodes: [
          ...questions.map(({ id, ask }) => ({ id, title: ask, kind: 'question' as const })),
          ...leaves.map(({ id, title }) => ({ id, title, kind: 'diagnosis' as const })),
        ],
      },
    ]
  })
}
