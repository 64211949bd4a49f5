/** Who is signed in: one query that every page reads, set by signing in and out. */

import {
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
  type Query,
  type QueryClient,
} from '@tanstack/react-query'

import { answer, cp, rememberCsrfToken } from './client'
import type { components } from './cp'
import { ProblemError } from './problem'

export type Session = components['schemas']['SignedInAnswer']
export interface Credentials {
  email: string
  password: string
}

/** Both portals have the same sign-in, so either's types will do. */
async function readSession(): Promise<Session | null> {
  try {
    return remembered(await answer(cp.GET('/api/auth/me')))
  } catch (error) {
    if (error instanceof ProblemError && error.status === 401) return null
    throw error
  }
}

function remembered(session: Session): Session {
  rememberCsrfToken(session.csrf_token)
  return session
}

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: readSession,
  staleTime: Infinity,
})

export function useSession(): Session | null | undefined {
  return useQuery(sessionQuery).data
}

function useEntering(enter: (credentials: Credentials) => Promise<Session>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: enter,
    onSuccess: (session) => {
      dropWhatWasRead(queries)
      queries.setQueryData(sessionQuery.queryKey, remembered(session))
    },
  })
}

export function useSignIn() {
  return useEntering((body) => answer(cp.POST('/api/auth/login', { body })))
}

export function useSignUp() {
  return useEntering((body) => answer(cp.POST('/api/auth/sign-up', { body })))
}

export function useSignOut() {
  const forget = useForgetSession()
  return useMutation({ mutationFn: () => answer(cp.POST('/api/auth/logout')), onSuccess: forget })
}

export function useForgetSession(): () => void {
  const queries = useQueryClient()
  return () => forgetSession(queries)
}

/** Once the session is over nothing of it stays in the page; whoever reads the session query is told. */
export function forgetSession(queries: QueryClient): void {
  rememberCsrfToken(undefined)
  queries.setQueryData(sessionQuery.queryKey, null)
  dropWhatWasRead(queries)
}

function dropWhatWasRead(queries: QueryClient): void {
  const isOfSession = { predicate: ({ queryKey }: Query) => queryKey[0] !== sessionQuery.queryKey[0] }
  void queries.cancelQueries(isOfSession)
  queries.removeQueries(isOfSession)
}
