// Addresses in the memory of the kernels, whose constants lie at its beginning.

/** Where the kernels leave what they found: three times 16 bytes. */
export const RESULTS = 512;
/** The row that they read; what they write lies behind it. */
export const ROW = 1024;
