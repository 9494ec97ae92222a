'use client'

import { type ReactNode, useEffect, useId, useRef } from 'react'
import { cn } from './cn'
import { Icon, type IconName } from './Icon'

/** A button and what it opens below itself. Escape and whatever happens elsewhere close it; the focus goes back to the button. */
export function Popover({
  label,
  text,
  icon,
  open,
  onOpen,
  children,
  className,
}: {
  label: string
  text: string
  icon: IconName
  open: boolean
  onOpen: (open: boolean) => void
  children: ReactNode
  className?: string
}) {
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  useEffect(() => {
    if (!open) return
    const outside = (event: PointerEvent) => {
      if (box.current?.contains(event.target as Node) !== true) onOpen(false)
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [open, onOpen])
  return (
    <div
      ref={box}
      className="min-w-0 sm:relative"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open) return
        event.stopPropagation()
        onOpen(false)
        button.current?.focus()
      }}
      onBlur={(event) => event.relatedTarget !== null && !event.currentTarget.contains(event.relatedTarget) && onOpen(false)}
    >
      <button
        ref={button}
        type="button"
        aria-expanded={open}
        aria-controls={id}
        aria-haspopup="dialog"
        aria-label={`${label}: ${text}`}
        onClick={() => onOpen(!open)}
        className="inline-flex h-9 max-w-full items-center gap-2 rounded-lg border border-line bg-surface px-3 text-sm whitespace-nowrap transition-colors hover:border-line-strong"
      >
        <Icon name={icon} size={14} className="shrink-0 text-muted" />
        <span className="truncate">{text}</span>
        <Icon name="chevron" size={14} className="shrink-0 text-muted" />
      </button>
      <div
        id={id}
        role="dialog"
        aria-label={label}
        hidden={!open}
        className={cn(
          'absolute top-full z-30 mt-1.5 animate-enter rounded-card border border-line-strong bg-raised p-2 shadow-2xl',
          className,
        )}
      >
        {open && children}
      </div>
    </div>
  )
}
