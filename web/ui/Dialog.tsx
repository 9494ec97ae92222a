'use client'

import { type ReactNode, useEffect, useRef } from 'react'
import { IconButton } from './Button'
import { cn } from './cn'

/** The browser's own modal dialog: it keeps the focus, and closes by Escape and by a click beside it. */
export function Dialog({
  open,
  title,
  onClose,
  children,
  wide = false,
}: {
  open: boolean
  title: string
  onClose: () => void
  children: ReactNode
  wide?: boolean
}) {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = ref.current
    if (dialog === null) return
    if (open && !dialog.open) dialog.showModal()
    if (!open && dialog.open) dialog.close()
  }, [open])
  return (
    <dialog
      ref={ref}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className={cn(
        'm-auto max-h-[85dvh] overflow-hidden',
        wide ? 'w-[min(68rem,calc(100vw-2rem))]' : 'w-[min(44rem,calc(100vw-2rem))]',
        'rounded-card border border-line-strong bg-surface p-0 text-ink shadow-2xl backdrop:bg-black/60',
      )}
    >
      {open && (
        <div className="flex max-h-[85dvh] flex-col">
          <header className="flex items-center justify-between gap-4 border-b border-line px-5 py-3">
            <h2 className="font-medium">{title}</h2>
            <IconButton icon="close" label="Close" onClick={onClose} />
          </header>
          <div className="min-h-0 overflow-y-auto p-5">{children}</div>
        </div>
      )}
    </dialog>
  )
}
