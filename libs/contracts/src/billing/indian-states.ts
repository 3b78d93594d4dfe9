/** A state or union territory of India. */
export interface IndianState {
  /** The code of GST: the first two digits of a GSTIN. */
  readonly gst: string;
  /** ISO 3166-2, without `IN-`. */
  readonly iso: string;
  readonly name: string;
  /** A union territory without a legislature of its own: its part of GST is UTGST (UTGST Act 2017, section 1). */
  readonly union?: true;
}

/** The state codes of GST as the GSTN lists them. 25 was merged into 26 in 2020, 28 is the code of Andhra Pradesh before 2014. */
export const INDIAN_STATES: readonly IndianState[] = [
  { gst: '01', iso: 'JK', name: 'Jammu and Kashmir' },
  { gst: '02', iso: 'HP', name: 'Himachal Pradesh' },
  { gst: '03', iso: 'PB', name: 'Punjab' },
  { gst: '04', iso: 'CH', name: 'Chandigarh', union: true },
  { gst: '05', iso: 'UK', name: 'Uttarakhand' },
  { gst: '06', iso: 'HR', name: 'Haryana' },
  { gst: '07', iso: 'DL', name: 'Delhi' },
  { gst: '08', iso: 'RJ', name: 'Rajasthan' },
  { gst: '09', iso: 'UP', name: 'Uttar Pradesh' },
  { gst: '10', iso: 'BR', name: 'Bihar' },
  { gst: '11', iso: 'SK', name: 'Sikkim' },
  { gst: '12', iso: 'AR', name: 'Arunachal Pradesh' },
  { gst: '13', iso: 'NL', name: 'Nagaland' },
  { gst: '14', iso: 'MN', name: 'Manipur' },
  { gst: '15', iso: 'MZ', name: 'Mizoram' },
  { gst: '16', iso: 'TR', name: 'Tripura' },
  { gst: '17', iso: 'ML', name: 'Meghalaya' },
  { gst: '18', iso: 'AS', name: 'Assam' },
  { gst: '19', iso: 'WB', name: 'West Bengal' },
  { gst: '20', iso: 'JH', name: 'Jharkhand' },
  { gst: '21', iso: 'OD', name: 'Odisha' },
  { gst: '22', iso: 'CG', name: 'Chhattisgarh' },
  { gst: '23', iso: 'MP', name: 'Madhya Pradesh' },
  { gst: '24', iso: 'GJ', name: 'Gujarat' },
  { gst: '26', iso: 'DH', name: 'Dadra and Nagar Haveli and Daman and Diu', union: true },
  { gst: '27', iso: 'MH', name: 'Maharashtra' },
  { gst: '29', iso: 'KA', name: 'Karnataka' },
  { gst: '30', iso: 'GA', name: 'Goa' },
  { gst: '31', iso: 'LD', name: 'Lakshadweep', union: true },
  { gst: '32', iso: 'KL', name: 'Kerala' },
  { gst: '33', iso: 'TN', name: 'Tamil Nadu' },
  { gst: '34', iso: 'PY', name: 'Puducherry' },
  { gst: '35', iso: 'AN', name: 'Andaman and Nicobar Islands', union: true },
  { gst: '36', iso: 'TS', name: 'Telangana' },
  { gst: '37', iso: 'AP', name: 'Andhra Pradesh' },
  { gst: '38', iso: 'LA', name: 'Ladakh', union: true },
];
