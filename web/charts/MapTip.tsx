import type { ReactNode } from 'react'

/** What a pointer points at, beside the pointer. */
export function MapTip({ x, y, children }: { x: number; y: number; children: ReactNode }) {
  return (
    <div
      className="pointer-events-none absolute z-10 -translate-x-1/2 -translate-y-full rounded-lg border border-line-strong bg-raised px-2.5 py-1.5 text-xs whitespace-nowrap shadow-lg"
      style={{ left: x, top: y - 12 }}
    >
      {children}
    </div>
  )
}
