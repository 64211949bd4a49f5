/** What of the form library is used. Its own entry also asks for a validator that needs code generation, even if none of it is. */

export { default as RichDescription } from '@rjsf/core/lib/components/RichDescription.js'
export { default as RichHelp } from '@rjsf/core/lib/components/RichHelp.js'
export { default as SchemaExamples } from '@rjsf/core/lib/components/SchemaExamples.js'
export { default as withTheme } from '@rjsf/core/lib/withTheme.js'
