/** Typed bindings of the contracts. */
export {};
