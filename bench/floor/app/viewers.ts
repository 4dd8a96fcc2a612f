type Floor = { readonly viewers: Set<ReadableStreamDefaultController<Uint8Array>>; seq: number }

const holder = globalThis as typeof globalThis & { floor?: Floor }
const encoder = new TextEncoder()

export function floor(): Floor {
  holder.floor ??= { viewers: new Set(), seq: 0 }
  return holder.floor
}

export function frame(seq: number, data: string): Uint8Array {
  return encoder.encode(`id: ${seq}\nevent: delta\ndata: ${data}\n\n`)
}

export function broadcast(data: string): void {
  const { viewers } = floor()
  floor().seq += 1
  const bytes = frame(floor().seq, data)
  for (const viewer of viewers) viewer.enqueue(bytes)
}
