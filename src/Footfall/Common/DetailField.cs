namespace Footfall.Common;

/// <summary>
/// The details of a hit: numbered fields in MessagePack, stored in the journal after those of <c>BatchFormat</c>. An absent field is
/// unknown or was not sent. A number is never reused. <see cref="Campaign"/> and the sender's fields come last: most readers need them only
/// for the first hit of a visit.
/// </summary>
internal enum DetailField
{
    /// <summary>The path of the url, without query and fragment.</summary>
    Path = 16,

    /// <summary>The referrer, without user information, query and fragment.</summary>
    Referrer = 17,

    /// <summary>The name of a custom event.</summary>
    Name = 18,

    TransactionId = 19,

    /// <summary>A decimal number as text.</summary>
    Value = 20,

    /// <summary>ISO 4217, upper case.</summary>
    Currency = 21,

    /// <summary>An array of items, each a map of <see cref="ItemField"/>.</summary>
    Items = 22,

    /// <summary>A map of texts.</summary>
    Props = 23,

    /// <summary>The host of the url, with its port, in lower case.</summary>
    Host = 24,

    /// <summary>A map: the parameters of the url's query that name a source (<c>utm_…</c>, <c>ref</c>, <c>source</c>).</summary>
    Campaign = 25,

    /// <summary>The family of the browser, such as <c>Firefox</c>.</summary>
    Browser = 26,

    /// <summary>Major and minor number, such as <c>131.0</c>.</summary>
    BrowserVersion = 27,

    /// <summary>The family of the operating system, such as <c>Android</c>.</summary>
    Os = 28,

    /// <summary>Major and minor number, such as <c>10.15</c>.</summary>
    OsVersion = 29,

    /// <summary><c>Desktop</c>, <c>Mobile</c>, <c>Tablet</c>, <c>TV</c>, <c>Console</c> or <c>Wearable</c>.</summary>
    Device = 30,

    /// <summary>The language that the browser prefers, such as <c>de-AT</c> (RFC 5646).</summary>
    Language = 31,

    /// <summary>The class of the screen's width: <c>Mobile</c>, <c>Tablet</c>, <c>Laptop</c> or <c>Desktop</c>.</summary>
    Screen = 32,

    /// <summary>Where the visitor came from, such as <c>Google</c>; absent for a direct hit.</summary>
    Source = 33,

    /// <summary>GA4's name for the channel, such as <c>Organic Search</c>.</summary>
    Channel = 34,

    /// <summary>The value of a <see cref="BotReason"/>; absent for none.</summary>
    BotReason = 35,
}
