/** The customers' pages and their paths; each page is loaded when it is first opened. */

import type { QueryClient } from '@tanstack/react-query'
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
  type RouteComponent,
} from '@tanstack/react-router'

import { NotFound } from '../ui/NotFound'
import { doorSearch, needsSession, OnceSignedIn, routerOptions, type RouterContext } from '../ui/routing'
import { CustomerShell } from './CustomerShell'
import { CustomerSignIn, CustomerSignUp } from './doors'

const root = createRootRouteWithContext<RouterContext>()({ notFoundComponent: NotFound })

const doors = createRoute({
  getParentRoute: () => root,
  id: 'doors',
  validateSearch: doorSearch,
  component: OnceSignedIn,
})
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  beforeLoad: needsSession,
  validateSearch: (search: Record<string, unknown>): { agent?: string } =>
    typeof search['agent'] === 'string' ? { agent: search['agent'] } : {},
  search: { middlewares: [retainSearchParams(['agent'])] },
  component: CustomerShell,
})

function page<Path extends string>(path: Path, component: RouteComponent) {
  return createRoute({ getParentRoute: () => inside, path, component })
}

const routes = root.addChildren([
  doors.addChildren([
    createRoute({ getParentRoute: () => doors, path: '/sign-in', component: CustomerSignIn }),
    createRoute({ getParentRoute: () => doors, path: '/sign-up', component: CustomerSignUp }),
  ]),
  inside.addChildren([
    page(
      '/',
      lazyRouteComponent(() => import('./pages/MyAgents'), 'MyAgents'),
    ),
    page(
      '/hire',
      lazyRouteComponent(() => import('./pages/Hire'), 'Hire'),
    ),
    page(
      '/subscriptions/$subscription/configure',
      lazyRouteComponent(() => import('./pages/Configure'), 'Configure'),
    ),
    page(
      '/agents/$instance/goals',
      lazyRouteComponent(() => import('./pages/Goals'), 'Goals'),
    ),
    page(
      '/agents/$instance/runs/$run',
      lazyRouteComponent(() => import('./pages/GoalRun'), 'GoalRun'),
    ),
    page(
      '/review',
      lazyRouteComponent(() => import('./pages/ReviewQueue'), 'ReviewQueue'),
    ),
    page(
      '/deliverables/$id',
      lazyRouteComponent(() => import('./pages/Review'), 'Review'),
    ),
    page(
      '/executions',
      lazyRouteComponent(() => import('./pages/Executions'), 'Executions'),
    ),
    page(
      '/executions/$id',
      lazyRouteComponent(() => import('./pages/Execution'), 'Execution'),
    ),
    page(
      '/activity',
      lazyRouteComponent(() => import('./pages/Activity'), 'Activity'),
    ),
    page(
      '/connections',
      lazyRouteComponent(() => import('./pages/Connections'), 'Connections'),
    ),
    page(
      '/connections/$kind/$provider',
      lazyRouteComponent(() => import('./pages/Connections'), 'Connections'),
    ),
    page(
      '/traces/$id',
      lazyRouteComponent(() => import('./pages/Trace'), 'Trace'),
    ),
    page(
      '/notifications',
      lazyRouteComponent(() => import('./pages/NotificationCentre'), 'NotificationCentre'),
    ),
    page(
      '/usage',
      lazyRouteComponent(() => import('./pages/Usage'), 'Usage'),
    ),
    page(
      '/account',
      lazyRouteComponent(() => import('./pages/Account'), 'Account'),
    ),
  ]),
])

export function makeRouter(queries: QueryClient) {
  return createRouter({ routeTree: routes, ...routerOptions(queries) })
}
