/** Colours and sizes; shades are dark enough for white text at WCAG AA. */

import { createTheme, type MantineColorsTuple } from '@mantine/core'

const petrol: MantineColorsTuple = [
  '#e6f6f9',
  '#d5e9ee',
  '#aad1da',
  '#7cb8c6',
  '#57a3b4',
  '#3f96a9',
  '#2f8fa4',
  '#1c6f82',
  '#0b5f71',
  '#084a59',
]

export const theme = createTheme({
  primaryColor: 'petrol',
  colors: { petrol },
  primaryShade: { light: 8, dark: 7 },
  autoContrast: true,
  luminanceThreshold: 0.32,
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  respectReducedMotion: true,
})
