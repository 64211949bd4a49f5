/** What surrounds either app: colours, queries, messages, and the router in the middle. */

import '@mantine/core/styles.css'
import '@mantine/dates/styles.css'
import '@mantine/notifications/styles.css'
import './style.css'

import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { setNonce } from 'get-nonce'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'

import { ProblemError } from '../api/problem'
import { forgetSession, sessionQuery } from '../api/session'
import { theme } from './theme'

const SERVER_ERROR = 500

function mayRetry(failures: number, error: Error): boolean {
  const passes = error instanceof ProblemError && (error.isUnanswered || error.status >= SERVER_ERROR)
  return passes && failures < 2
}

/** What is decided is decided now or refused; nothing is kept back to be sent when the network returns. */
export function makeQueryClient(): QueryClient {
  const queries = new QueryClient({
    defaultOptions: {
      queries: { retry: mayRetry, staleTime: 30_000, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
    queryCache: new QueryCache({ onError: endIfSignedOut }),
    mutationCache: new MutationCache({ onError: endIfSignedOut }),
  })

  function endIfSignedOut(error: Error) {
    const isSignedIn = Boolean(queries.getQueryData(sessionQuery.queryKey))
    if (isSignedIn && error instanceof ProblemError && error.status === 401) forgetSession(queries)
  }

  return queries
}

function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content ?? ''
}

export function mount(app: ReactNode, queries: QueryClient): void {
  const root = document.getElementById('root')
  if (root === null) throw new Error('the page has no #root')
  setNonce(styleNonce())
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
        <QueryClientProvider client={queries}>
          <Notifications position="top-right" />
          {app}
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  )
}
