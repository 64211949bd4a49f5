/** The customers' app. */

import { RouterProvider } from '@tanstack/react-router'

import { makeQueryClient, mount } from '../ui/Root'
import { makeRouter } from './routes'

const queries = makeQueryClient()
mount(<RouterProvider router={makeRouter(queries)} />, queries)
