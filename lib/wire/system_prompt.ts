/** The system prompt where a request names none: left out, with a warning, where a template takes none. */
export const DEFAULT_SYSTEM_PROMPT = "You are a helpful assistant.";
