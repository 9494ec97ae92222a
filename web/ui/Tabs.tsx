'use client'

import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from 'react'
import { cn } from './cn'

export interface Tab {
  readonly id: string
  readonly label: string
  readonly content: ReactNode
}

/** Panels, one shown at a time (WAI-ARIA Authoring Practices, Tabs): arrow keys, Home and End move. With `value` the parent controls it. */
export function Tabs({
  label,
  tabs,
  initial,
  value,
  onChange,
}: {
  label: string
  tabs: readonly Tab[]
  initial?: string
  value?: string
  onChange?: (id: string) => void
}) {
  const [own, setOwn] = useState(initial ?? tabs[0]?.id ?? '')
  const chosen = value ?? own
  const setChosen = onChange ?? setOwn
  const prefix = useId()
  const list = useRef<HTMLDivElement>(null)
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === chosen)
    const to = { ArrowRight: (at + 1) % tabs.length, ArrowLeft: (at + tabs.length - 1) % tabs.length, Home: 0, End: tabs.length - 1 }[
      event.key
    ]
    const tab = to === undefined ? undefined : tabs[to]
    if (tab === undefined) return
    event.preventDefault()
    setChosen(tab.id)
    list.current?.querySelector<HTMLElement>(`[data-tab="${CSS.escape(tab.id)}"]`)?.focus()
  }
  return (
    <div>
      <div className="border-b border-line">
        {/* What goes on beyond the end fades: there is more to scroll to. */}
        <div
          ref={list}
          role="tablist"
          aria-label={label}
          onKeyDown={move}
          className="-mb-px flex gap-4 overflow-x-auto mask-r-from-[calc(100%-2.5rem)] pr-10 [scrollbar-width:none]"
        >
          {tabs.map((tab) => (
            <button
              key={tab.id}
              type="button"
              role="tab"
              data-tab={tab.id}
              id={`${prefix}-${tab.id}`}
              aria-selected={tab.id === chosen}
              aria-controls={`${prefix}-${tab.id}-panel`}
              tabIndex={tab.id === chosen ? 0 : -1}
              onClick={() => setChosen(tab.id)}
              className={cn(
                'border-b-2 py-2 text-sm whitespace-nowrap transition-colors',
                tab.id === chosen ? 'border-accent text-ink' : 'border-transparent text-muted hover:text-ink',
              )}
            >
              {tab.label}
            </button>
          ))}
        </div>
      </div>
      {tabs.map((tab) => (
        <div
          key={tab.id}
          role="tabpanel"
          id={`${prefix}-${tab.id}-panel`}
          aria-labelledby={`${prefix}-${tab.id}`}
          hidden={tab.id !== chosen}
          className="pt-4"
        >
          {tab.id === chosen && tab.content}
        </div>
      ))}
    </div>
  )
}
