// What Python calls digits and numbers beyond those of the decimal systems (Numeric_Type in Unicode).

/** Superscripts and circled digits are digits without being decimal. */
export const digits = new RegExp(
  `^[\\p{Nd}²³¹፩-፱᧚⁰⁴-⁹₀-₉①-⑨⑴-⑼⒈-⒐⓪⓵-⓽⓿❶-❾➀-➈➊-➒` +
    `\u{10a40}-\u{10a43}\u{10e60}-\u{10e68}\u{11052}-\u{1105a}\u{1f100}-\u{1f10a}]+$`,
  "u",
);

/** Letters of Chinese that are numbers. */
const chinese =
  "㐅㒃㠪㭍一七万三九二五亖亿什仟仨伍佰億兆兩八六十千卄卅卌叁参參叄四壱壹幺廾廿弌弍弎弐拾捌柒漆玖百肆萬貮貳贰阡陆陌陸零" +
  "\uf96b\uf973\uf978\uf9b2\uf9d1\uf9d3\uf9fd" +
  "\u{20001}\u{20064}\u{200e2}\u{20121}\u{2092a}\u{20983}\u{2098c}\u{2099c}" +
  "\u{20aea}\u{20afd}\u{20b19}\u{22390}\u{22998}\u{23b1b}\u{2626d}\u{2f890}";

export const numeric = new RegExp(`^[\\p{N}${chinese}]+$`, "u");
