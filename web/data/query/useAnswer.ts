'use client'

import { useEffect, useState } from 'react'
import { ApiError } from '../api'
import { type Answer, ask } from './ask'
import { isOver, type Query } from './build'
import { useMinute } from './minute'

export interface Asked {
  /** The newest answer; that of the question before while a new one is on its way. Absent until the first one. */
  readonly answer: Answer | undefined
  /** The question that the answer is of. */
  readonly query: Query | undefined
  /** A sentence for a person. */
  readonly error: string | undefined
  readonly loading: boolean
  /** Asks again, this and all others that failed. */
  readonly retry: () => void
}

/** Of all that failed: what made one fail mostly made the others fail too, so that one attempt is one for all. */
const failed = new Set<() => void>()
const retryAll = () => {
  for (const retry of [...failed]) retry()
}

/**
 * Asks whenever the question is another one, and each minute anew while its period goes on; an answer that is no longer wanted is cancelled. `null` asks nothing.
 * A question that depends on the time is made of it: the answer of a minute ago is not pale while that of this one is on its way.
 */
export function useAnswer(question: Query | null | ((now: Date) => Query)): Asked {
  const minute = useMinute()
  const [attempt, setAttempt] = useState(0)
  const [state, setState] = useState<{ key: string; answer?: Answer; query?: Query; error?: string }>({ key: '' })
  const textAt = (now: Date) => (question === null ? '' : JSON.stringify(typeof question === 'function' ? question(now) : question))
  const text = textAt(new Date(minute))
  const key = `${attempt} ${textAt(new Date(0))}`
  const from = text === '' || isOver(JSON.parse(text) as Query, minute) ? 0 : minute
  useEffect(() => {
    if (text === '') return
    const abort = new AbortController()
    const asked = JSON.parse(text) as Query
    ask(asked, abort.signal).then(
      (answer) => setState({ key, answer, query: asked }),
      (error: unknown) => {
        if (abort.signal.aborted) return
        const message = error instanceof ApiError ? error.message : 'The answer can’t be read.'
        // Of a question that was answered the numbers stay, a minute old: the next minute asks again.
        setState((old) => (old.key === key ? { ...old, error: message } : { key, error: message }))
      },
    )
    return () => abort.abort(new DOMException('Another question is asked.', 'AbortError'))
  }, [text, key, from])
  const current = state.key === key
  const wrong = current && state.error !== undefined
  useEffect(() => {
    if (!wrong) return
    const retry = () => setAttempt((count) => count + 1)
    failed.add(retry)
    return () => {
      failed.delete(retry)
    }
  }, [wrong])
  return {
    answer: state.answer,
    query: state.query,
    error: current ? state.error : undefined,
    loading: text !== '' && !current,
    retry: retryAll,
  }
}
