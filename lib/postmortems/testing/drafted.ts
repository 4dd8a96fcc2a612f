import type { Somebody } from '../../access/testing/somebody'
import type { Console } from '../../console'
import { createDocument } from '../document-store'
import { recordWith } from './record'

/** draftedIn makes a document that one responder has drafted with the texts that are needed; gives its id. */
export async function draftedIn(
  app: Console,
  about: { readonly by: Somebody; readonly also: Somebody; readonly incidentId?: string },
): Promise<string> {
  const { by, also, incidentId = null } = about
  const record = recordWith()
  record.meta.responders.push(by.handle, also.handle)
  const { id } = await app.db.$transaction((tx) =>
    createDocument(
      tx,
      {
        incidentId,
        title: 'Inference 503s',
        state: 'draft',
        severity: 'P3',
        visibility: 'internal',
        leafIds: [],
        componentIds: [],
        tags: [],
        record,
        corrections: [],
        isDrill: false,
        origin: 'test',
        createdBy: by.handle,
        publishedAt: null,
        closedAt: null,
        sections: (['summary', 'impact', 'causes', 'resolution'] as const).map((key) => ({
          key,
          body: 'Written.',
        })),
      },
      app.clock.now(),
    ),
  )
  return id
}
