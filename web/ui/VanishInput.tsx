'use client'

import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { cn } from './cn'
import { Icon } from './Icon'
import { useReducedMotion } from './motion'
import { vanish } from './vanish'

export interface Suggestion {
  readonly value: string
  readonly text: string
  readonly content: ReactNode
}

/**
 * A line to type into whose examples take turns, and whose text scatters when it is sent. With suggestions it is a combobox (WAI-ARIA Authoring Practices): arrow keys choose,
 * Enter sends what is chosen, or the text as it is.
 */
export function VanishInput({
  label,
  placeholders,
  suggest,
  onSend,
  busy = false,
}: {
  label: string
  placeholders: readonly string[]
  suggest: (text: string) => Suggestion[]
  onSend: (value: string) => void
  busy?: boolean
}) {
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const [example, setExample] = useState(0)
  const reducedMotion = useReducedMotion()
  const input = useRef<HTMLInputElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const id = useId()
  const suggestions = open ? suggest(text) : []
  const current = suggestions[Math.min(active, suggestions.length - 1)]

  useEffect(() => {
    if (reducedMotion || text !== '') return
    const timer = setInterval(() => setExample((i) => (i + 1) % placeholders.length), 3_000)
    return () => clearInterval(timer)
  }, [reducedMotion, text, placeholders.length])

  const send = (value: string, shown: string) => {
    if (value.trim() === '' || busy) return
    if (!reducedMotion && input.current !== null && canvas.current !== null) vanish(input.current, canvas.current, shown)
    setText('')
    setOpen(false)
    onSend(value)
  }
  const key = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      setOpen(true)
      const count = Math.max(1, suggestions.length)
      setActive((i) => (i + (event.key === 'ArrowDown' ? 1 : count - 1)) % count)
    } else if (event.key === 'Escape') {
      setOpen(false)
    } else if (event.key === 'Enter') {
      event.preventDefault()
      send(current?.value ?? text, current?.text ?? text)
    }
  }
  return (
    <div className="relative" onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}>
      <div className="relative flex h-11 items-center rounded-xl border border-line bg-page transition-colors focus-within:border-accent/60">
        <canvas ref={canvas} aria-hidden className="pointer-events-none absolute inset-0 size-full" />
        {text === '' && (
          <span key={example} aria-hidden className="pointer-events-none absolute inset-x-4 animate-enter truncate text-sm text-faint">
            {placeholders[example]}
          </span>
        )}
        <input
          ref={input}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            setActive(0)
            setOpen(event.target.value !== '')
          }}
          onKeyDown={key}
          aria-label={label}
          role="combobox"
          aria-expanded={suggestions.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          {...(current !== undefined && { 'aria-activedescendant': `${id}-${current.value}` })}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={60}
          className="h-full w-full rounded-xl bg-transparent pr-12 pl-4 text-base outline-none sm:text-sm"
        />
        <button
          type="button"
          aria-label={label}
          disabled={text.trim() === '' || busy}
          onClick={() => send(current?.value ?? text, current?.text ?? text)}
          className="absolute right-1.5 inline-flex size-8 items-center justify-center rounded-lg bg-accent text-accent-ink transition-opacity disabled:bg-raised disabled:text-faint"
        >
          <Icon name="send" />
        </button>
      </div>
      <ul
        id={`${id}-list`}
        role="listbox"
        aria-label="Countries"
        hidden={suggestions.length === 0}
        className="absolute inset-x-0 top-full z-20 mt-1.5 overflow-hidden rounded-xl border border-line-strong bg-raised p-1 shadow-xl"
      >
        {suggestions.map((suggestion) => (
          <li
            key={suggestion.value}
            id={`${id}-${suggestion.value}`}
            role="option"
            aria-selected={suggestion === current}
            onPointerDown={(event) => {
              event.preventDefault()
              send(suggestion.value, suggestion.text)
            }}
            className={cn(
              'flex h-9 cursor-pointer items-center gap-2.5 rounded-lg px-2.5 text-sm',
              suggestion === current ? 'bg-accent-soft text-ink' : 'text-muted hover:text-ink',
            )}
          >
            {suggestion.content}
          </li>
        ))}
      </ul>
    </div>
  )
}
