'use client'

import type { HeldAction } from './held'

const DATABASE = 'watchfloor-held'
const STORE = 'actions'

function settled<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

async function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1)
  request.onupgradeneeded = () =>
    request.result.createObjectStore(STORE, { keyPath: 'order', autoIncrement: true })
  return settled(request)
}

async function inStore<Value>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<Value>,
): Promise<Value> {
  const database = await opened()
  try {
    const transaction = database.transaction(STORE, mode, { durability: 'strict' })
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error)
    })
    const value = await settled(work(transaction.objectStore(STORE)))
    await done
    return value
  } finally {
    database.close()
  }
}

/** heldStorage keeps what waits for the server in this browser's database; every promise rejects where there is none. */
export const heldStorage = {
  all: (): Promise<HeldAction[]> => inStore('readonly', (store) => store.getAll()),
  add: async (action: Omit<HeldAction, 'order'>): Promise<void> => {
    await inStore('readwrite', (store) => store.add(action))
  },
  put: async (action: HeldAction): Promise<void> => {
    await inStore('readwrite', (store) => store.put(action))
  },
  remove: async (order: number): Promise<void> => {
    await inStore('readwrite', (store) => store.delete(order))
  },
}
