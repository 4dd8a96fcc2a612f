import type { Inventory } from '../comms/model'
import type { Db } from '../platform/db'
import { readInventory } from './situation-store'

/** inventoryOf gives the names of our own world that no text for customers may hold. */
export async function inventoryOf(db: Db): Promise<Inventory> {
  return readInventory(db)
}
