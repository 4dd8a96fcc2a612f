import clsx from 'clsx'
import type { ReactNode } from 'react'
import type { WallLayout } from './layout'

/** WallFrames marks tiles above the canvas, so that moving a frame repaints nothing. */
export function WallFrames({
  layout,
  cursor,
  selected,
  hovered,
}: {
  readonly layout: WallLayout
  readonly cursor: number
  readonly selected: number
  readonly hovered: number
}): ReactNode {
  return (
    <>
      <BlockFrame layout={layout} row={selected} />
      <TileFrame layout={layout} row={hovered} className="border border-ink-2" gapPx={2} />
      <TileFrame layout={layout} row={cursor} className="border border-dashed border-accent" gapPx={5} />
      <TileFrame layout={layout} row={selected} className="border-2 border-accent" gapPx={4} />
    </>
  )
}

const FRAME = 'pointer-events-none absolute top-0 left-0'

function TileFrame({
  layout,
  row,
  className,
  gapPx,
}: {
  readonly layout: WallLayout
  readonly row: number
  readonly className: string
  readonly gapPx: number
}): ReactNode {
  const x = layout.tileX[row] ?? -1
  if (row < 0 || x < 0) return null
  const side = layout.metrics.tile + 2 * gapPx
  const place = `translate(${x - gapPx}px, ${(layout.tileY[row] ?? 0) - gapPx}px)`
  return <div className={clsx(FRAME, className)} style={{ width: side, height: side, transform: place }} />
}

function BlockFrame({ layout, row }: { readonly layout: WallLayout; readonly row: number }): ReactNode {
  const block = row < 0 ? undefined : layout.blocks[layout.blockOf[row] ?? -1]
  if (!block || block.count < 2) return null
  const { pitch, tileGap, labelPx } = layout.metrics
  const columns = Math.ceil(block.count / block.rows)
  const width = columns * pitch - tileGap + 4
  const height = Math.min(block.rows, block.count) * pitch - tileGap + 4
  const place = `translate(${block.x - 2}px, ${block.y + labelPx - 2}px)`
  return <div className={clsx(FRAME, 'border border-accent')} style={{ width, height, transform: place }} />
}
