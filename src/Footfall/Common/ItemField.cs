namespace Footfall.Common;

/// <summary>The fields of an item in <see cref="DetailField.Items"/>. A number is never reused.</summary>
internal enum ItemField
{
    Id = 1,
    Name = 2,
    Category = 3,
    Brand = 4,
    Variant = 5,

    /// <summary>A decimal number as text.</summary>
    Price = 6,

    /// <summary>A decimal number as text.</summary>
    Quantity = 7,
}
